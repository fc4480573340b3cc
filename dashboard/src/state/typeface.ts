/**
 * Inter, which the page wears once its file is there. A first visit asks for the file only when its figures are seen; the browser
 * keeps it, and later visits wear it from the start.
 */
const KEY = 'mykpi-typeface'
const CLASS = 'inter' // styles/font.css

export function wearKeptTypeface(): void {
  if (localStorage.getItem(KEY)) wear(document.documentElement)
}

/** Has the page wear it part by part: to lay all its text out anew at once keeps a slow phone busy for a fifth of a second. */
export async function loadTypeface(): Promise<void> {
  if (document.documentElement.classList.contains(CLASS)) return
  try {
    await document.fonts.load('1em Inter')
  } catch {
    return // not to be had now
  }
  for (const part of document.querySelectorAll('.top, .toolbar, .card')) {
    wear(part)
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  }
  wear(document.documentElement)
  localStorage.setItem(KEY, 'Inter')
}

function wear(element: Element): void {
  element.classList.add(CLASS)
}
