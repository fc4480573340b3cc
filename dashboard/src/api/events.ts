/** Server-sent events of one operation, as graphql-sse's distinct connections mode sends them. */

export type Event = { name: string; data: string }

/** Reads the events of a stream until it ends. */
export async function* readEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<Event> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop()!
      for (const block of blocks) {
        const event = parseEvent(block)
        if (event) yield event
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/** One block of lines; null if it is a comment, which keeps the line open. */
function parseEvent(block: string): Event | null {
  const fields = block.split('\n').map((line) => line.match(/^(event|data): ?(.*)$/))
  const of = (field: string) => fields.filter((f) => f?.[1] === field).map((f) => f![2])
  const [name] = of('event')
  return name === undefined ? null : { name, data: of('data').join('\n') }
}
