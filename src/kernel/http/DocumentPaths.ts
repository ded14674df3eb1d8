/** Where the documents of the API stand. No operation may have these paths. */
export const root = "/"
export const openApi = "/openapi.json"
export const page = "/docs"

export const all: ReadonlyArray<string> = [root, openApi, page]
