import { expect, it } from 'vitest'
import { readEvents } from './events'

it('reads events however the stream is cut', async () => {
  const text = ':\n\nevent: next\nid: 7\ndata: {"data":"€"}\n\n: still here\n\nevent: complete\ndata:\n\n'
  const bytes = new TextEncoder().encode(text)
  for (const size of [1, 3, bytes.length]) {
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < bytes.length; i += size) controller.enqueue(bytes.slice(i, i + size))
        controller.close()
      },
    })
    const events = []
    for await (const event of readEvents(stream)) events.push(event)
    expect(events).toEqual([{ name: 'next', data: '{"data":"€"}' }, { name: 'complete', data: '' }])
  }
})
