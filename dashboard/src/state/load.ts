import { request } from '../api/client'
import { FirstDocument } from '../api/generated'
import { forgetBoard, loadBoard, loaded } from './board'
import { me } from './me'

let underway: Promise<void> | null = null
let sessions = 0 // that have ended: an answer of one tells nothing to the next

/** Loads who looks at the page and all figures, once for all who ask meanwhile; at once, if both are there. */
export function loadFirst(): Promise<void> {
  if (me.value && loaded.value) return Promise.resolve()
  if (underway) return underway
  const ended = sessions
  const first = request(FirstDocument, {}).then(({ viewer, charts }) => {
    if (sessions === ended) me.value = viewer
    return charts
  })
  const load = loadBoard(first).finally(() => {
    if (underway === load) underway = null
  })
  return (underway = load)
}

/** Forgets all of a session that has ended. */
export function forgetAll(): void {
  sessions++
  underway = null
  forgetBoard()
  me.value = null
}
