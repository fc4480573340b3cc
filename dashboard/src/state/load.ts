import { loadBoard, loaded } from './board'
import { loadMe, me } from './me'

let underway: Promise<void> | null = null

/** Loads who looks at the page and all figures, once for all who ask meanwhile; at once, if both are there. */
export function loadFirst(): Promise<void> {
  if (me.value && loaded.value) return Promise.resolve()
  underway ??= Promise.all([loadMe(), loadBoard()])
    .then(() => {})
    .finally(() => (underway = null))
  return underway
}
