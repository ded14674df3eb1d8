/** The tree's own rules: where things stand, what they are called, how long they are, and that each is tested. */
import { assert, describe, it } from "@effect/vitest"
import { existsSync, globSync, readFileSync } from "node:fs"
import { basename, dirname } from "node:path"
import { circular, edges, imports } from "../bench/rooms/RoomGraph.ts"
import { namesInCode, wordsOf } from "./support/NamesInCode.ts"
import { pascal, untestedFiles } from "./support/UntestedFiles.ts"

const sources = globSync("src/**/*.ts").sort()
const tests = globSync("test/**/*.test.ts").sort()
const all = [...sources, ...globSync("{test,bench}/**/*.ts"), ...globSync("bin/*.js")]

const read = (file: string) => readFileSync(file, "utf8")

/** Lines that are neither blank nor comments. */
const linesOfCode = (text: string): number =>
  text.replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, "").split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line)).length

/** `test/kernel/Stack.test.ts` and `test/kernel/Stack.property.test.ts` test `src/kernel/Stack.ts`. */
const isTested = (file: string): boolean => {
  const mirror = file.replace(/^src\//, "test/").replace(/\.ts$/, "")
  return tests.some((test) =>
    test.startsWith(mirror) && /^([A-Z]\w*)?(\.\w+)?\.test\.ts$/.test(test.slice(mirror.length))
  )
}

/** They say that somebody perceived a thing, and not what it is. */
const vagueWords = new Set(
  "said told shown found known see sees seen heard look looks looked demand demanded doubt doubted patience understood"
    .split(" ")
)

/** Fields of the API, and HTTP's own words. */
const publicNames = [
  { name: /not_?found/i, files: /./ },
  {
    name: /^found$/,
    files:
      /\/(JsonDifference|SessionVerification|VerificationReport|Comparison|ReadableDifference|MissExplanation)\.ts$/
  },
  // Fields of OpenAI's.
  { name: /^known_speaker_(names|references)$/, files: /\/AudioModels\.ts$/ },
  { name: /NotFound$|^(resource|n)otFound$/i, files: /^/ }
]

const isPublic = (file: string, name: string): boolean =>
  publicNames.some((each) => each.name.test(name) && each.files.test(file))

/**
 * What a chat completion and a response run through. A generator that is made for a request keeps all it had at hand until V8's
 * next collection of all garbage (docs/performance.md).
 */
const ofEachRequest = globSync([
  "src/apis/inference/{Completion,InferenceCalls,PreparedRequest,ProviderWire,Routed}.ts",
  "src/apis/responses/Response{Context,Frames,Items,Object,Plan,Run,Store,Tools,Writer}.ts",
  "src/apis/responses/{FileSearch,InputFiles,ItemReferences,ResponsesLive,WatchedInference,WebSearch}.ts",
  "src/kernel/bytes/*.ts",
  "src/kernel/calls/{Call,CallRecord,Calls,Decision,RecordingResponse}.ts",
  "src/kernel/dialects/{DialectStream,LiveAnswer,PartReader,Translation}.ts",
  "src/kernel/requests/*.ts",
  "src/kernel/turn/Turn{End,Events,Loop,Model,Run,State}.ts"
])

/** Those of a service are made once. */
const generatorOfRequest = /^ +(?!(?:const|return) \w+ = ).*\b(?:Effect|Result)\.gen\(function\*/gm

/** What Context keys are to be, by where the service stands. */
const keyOf = (file: string, name: string): string => {
  const path = file.replace(/^src\//, "").replace(/\.ts$/, "")
  return `strata/${path}${basename(path) === name ? "" : `/${name}`}`
}

const contextKeys =
  /(?:class|const) (\w+)(?: = | extends |\s+extends )Context\.(?:Service|Reference)\b[^]*?"(strata\/[^"]+)"/g

describe("the tree", () => {
  it("is found", () => assert.isAbove(Math.min(sources.length, tests.length), 50))

  it("holds for every API its service, routes, handlers, module and implementation", () => {
    const missing = globSync("src/apis/*/").flatMap((folder) =>
      ["", "Routes", "Handlers", "Module", "Live"].map((part) => `${folder}/${pascal(folder)}${part}.ts`)
    ).filter((file) => !existsSync(file))
    // The kernel's requests need sessions: their service stands there.
    assert.deepStrictEqual(missing, ["src/apis/sessions/Sessions.ts"])
    assert.isTrue(existsSync("src/kernel/sessions/Sessions.ts"))
  })

  it("has rooms in the kernel, no flat files, and no two rooms that stand in a circle", () => {
    assert.deepStrictEqual(globSync("src/{kernel,events}/*.ts"), [])
    assert.deepStrictEqual(circular(edges(imports("."))), [])
  })

  it("keeps what clients import of an API free of servers: no implementation, no Node", () => {
    const all = Map.groupBy(imports("."), ({ from }) => from)
    const client = globSync("src/apis/*/*{Models,Routes,Module}.ts").concat("src/apis/Apis.ts")
    const seen = new Set<string>()
    for (const waiting = [...client]; waiting.length > 0;) {
      const file = waiting.pop()!
      if (seen.has(file)) continue
      seen.add(file)
      // What is imported late is loaded by servers alone.
      const late = new Set([...read(file).matchAll(/import\("(\.[^"]+)"\)/g)].map(([, each]) => each))
      for (const { to } of all.get(file) ?? []) {
        if (![...late].some((each) => to.endsWith(each!.replace(/^\.\//, "/")))) waiting.push(to)
      }
    }
    const heavy = [...seen].filter((file) =>
      /^src\/(events\/(sqlite|postgres|memory)|kernel\/stack|server|providers)\//.test(file)
    )
    assert.deepStrictEqual(heavy, [])
  })

  it("has no barrels and no folders for everything", () => {
    assert.deepStrictEqual(all.filter((file) => /(^|\/)index\.[tj]s$/.test(file)), [])
    assert.deepStrictEqual(
      all.filter((file) => /(^|\/)(utils?|helpers?|common|misc|shared)(\/|\.[tj]s$)/i.test(file)),
      []
    )
  })

  it("names files for what they export, folders in lower case", () => {
    assert.deepStrictEqual(sources.filter((file) => !/^([A-Z]\w*|main)\.ts$/.test(basename(file))), [])
    assert.deepStrictEqual(sources.filter((file) => !/^[a-z0-9/-]+$/.test(dirname(file))), [])
  })

  it("names things for what they are, not for who perceived them", () => {
    const vague = sources.flatMap((file) =>
      [...namesInCode(read(file))]
        .filter((name) => !isPublic(file, name) && wordsOf(name).some((word) => vagueWords.has(word)))
        .map((name) => `${file}: ${name}`)
    )
    assert.deepStrictEqual(vague, [])
  })

  it("keeps every service under a key that names its file", () => {
    const wrong = [...sources, ...globSync("{test,bench,examples}/**/*.ts")].flatMap((file) =>
      [...read(file).matchAll(contextKeys)].filter(([, name, key]) => key !== keyOf(file, name!))
        .map(([, name, key]) => `${file}: ${name}: ${key}`)
    )
    assert.deepStrictEqual(wrong, [])
  })

  it("says in every source file's first line what it is", () => {
    assert.deepStrictEqual(sources.filter((file) => !read(file).startsWith("/**")), [])
  })

  it("keeps files below 300 lines of code", () => {
    const long = all.map((file) => ({ file, lines: linesOfCode(read(file)) })).filter(({ lines }) => lines > 300)
    assert.deepStrictEqual(long, [])
  })

  it("makes no generator for each request", () => {
    const made = ofEachRequest.flatMap((file) =>
      [...read(file).matchAll(generatorOfRequest)].map(([line]) => `${file}: ${line.trim()}`)
    )
    assert.isAbove(ofEachRequest.length, 40)
    assert.deepStrictEqual(made, [])
  })

  it("runs the provider contract for every inference provider", () => {
    const providers = sources.filter((file) =>
      file.startsWith("src/providers/") && /\bapi: InferenceApi\b/.test(read(file))
    )
    const silent = providers.map(dirname).filter((folder) =>
      !globSync(`${folder.replace(/^src\//, "test/")}/*.test.ts`)
        .some((test) => /\b((inferenceP|p)rovider|embedding)Contract\(/.test(read(test)))
    )
    assert.isAbove(providers.length, 0)
    assert.deepStrictEqual(silent, [])
  })

  it("has a test for every source file, at the same path, but for those with a reason", () => {
    const excused = new Set(untestedFiles.flatMap(({ files }) => files))
    assert.deepStrictEqual(sources.filter((file) => !excused.has(file) && !isTested(file)), [])
  })

  it("excuses no file that is gone, and none twice", () => {
    const excused = untestedFiles.flatMap(({ files }) => files)
    assert.deepStrictEqual(excused.filter((file) => !existsSync(file)), [])
    assert.strictEqual(new Set(excused).size, excused.length)
  })
})
