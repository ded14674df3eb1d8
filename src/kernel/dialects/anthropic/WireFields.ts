/** JSON as this dialect's files look at it: what is no object, or no list of them, is passed over. */

/** The name of the dialect, in options and failures. */
export const dialect = "anthropic"

export const isEmpty = (value: object): boolean => Object.keys(value).length === 0

/** One field to spread, where there is a value for it. */
export const given = <const Name extends string, Value>(name: Name, value: Value | null | undefined) =>
  value === null || value === undefined ? {} : { [name]: value } as { readonly [N in Name]: Value }
