/** The parts of dialects, which the tests of their rooms raise and lower: they have none of their own. */

const inRoom = (dialect: string, names: string) =>
  names.split(" ").map((name) => `src/kernel/dialects/${dialect}/${name}.ts`)

export const untestedParts: ReadonlyArray<{ readonly reason: string; readonly files: ReadonlyArray<string> }> = [
  {
    reason: "the parts of a dialect, which its tests raise and lower: test/kernel/dialects/anthropic/AnthropicDialect",
    files: [
      ...["BlockEvents", "CacheMarks", "LowerBlock", "LowerRequest", "LowerResponse", "LowerStream"]
        .map((name) => `src/kernel/dialects/anthropic/${name}.ts`),
      ...["OutputFormat", "RaiseBlock", "RaiseRequest", "RaiseResponse", "RaiseStream", "SealedBlock", "StopFrame"]
        .map((name) => `src/kernel/dialects/anthropic/${name}.ts`),
      ...["StopReason", "ThinkingConfig", "ToolIds", "WireFields", "WireTools", "WireUsage"]
        .map((name) => `src/kernel/dialects/anthropic/${name}.ts`)
    ]
  },
  {
    reason: "the parts of a dialect, which its tests raise and lower: test/kernel/dialects/ollama/OllamaDialect",
    files: inRoom(
      "ollama",
      "CallIds ContextInjection DoneReason Limits LowerMessage LowerRequest LowerResponse LowerStream OllamaEnding " +
        "OllamaErrors OllamaSummary RaiseMessage RaiseRequest RaiseResponse RaiseStream RunOptions SentWire " +
        "StreamedAnswer Wire WireConversation WireUsage"
    )
  },
  {
    reason: "the parts of a dialect, which its tests raise and lower: test/kernel/dialects/bedrock/BedrockDialect",
    files: inRoom(
      "bedrock",
      "BedrockEnding BedrockErrors BedrockSummary CachePoints ContextInjection InferenceConfig Limits LowerBlock " +
        "LowerRequest LowerResponse LowerStream LowerTurns ModelFamily ModelFields RaiseBlock RaiseRequest " +
        "RaiseResponse RaiseStream SentWire StopReason StreamedMessage Wire WireConversation WireTools WireUsage"
    )
  }
]
