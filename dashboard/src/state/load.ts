import { request } from '../api/client'
import { FirstDocument } from '../api/generated'
import { forgetBoard, loadBoard, loaded } from './board'
import { me } from './me'

let underway: Promise<void> | null = null

/** Loads who looks at the page and all figures, once for all who ask meanwhile; at once, if both are there. */
export function loadFirst(): Promise<void> {
  if (me.value && loaded.value) return Promise.resolve()
  if (underway) return underway
  const first = request(FirstDocument, {}).then(({ viewer, charts }) => {
    if (underway === load) me.value = viewer // or else the session has ended meanwhile
    return charts
  })
  const load = loadBoard(first).finally(() => {
    if (underway === load) underway = null
  })
  return (underway = load)
}

/** Forgets all of a session that has ended. */
export function forgetAll(): void {
  underway = null
  forgetBoard()
  me.value = null
}
