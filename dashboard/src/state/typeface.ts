/**
 * Inter, which the page wears once its file is there. A first visit asks for the file only when its figures are seen; the browser
 * keeps it, and later visits wear it from the start. A phone wears it only then: to lay all its text out anew keeps a slow one busy
 * for a fifth of a second, just when it could be touched.
 */
const KEY = 'mykpi-typeface'
const CLASS = 'inter' // styles/font.css
const PHONE = '(max-width: 480px)' // as in styles/card.css

export function wearKeptTypeface(): void {
  if (localStorage.getItem(KEY)) wear()
}

export async function loadTypeface(): Promise<void> {
  try {
    await document.fonts.load('1em Inter')
    localStorage.setItem(KEY, 'Inter')
  } catch {
    return // not to be had now, or not to be kept
  }
  if (!matchMedia(PHONE).matches) wear()
}

function wear(): void {
  document.documentElement.classList.add(CLASS)
}
