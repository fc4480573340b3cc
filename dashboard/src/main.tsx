import { render } from 'preact'
import { App } from './app'
import { place } from './router'
import { adoptLink, session } from './session/token'
import { loadFirst } from './state/load'
import { loadTypeface } from './state/typeface'
import { whenIdle } from './ui/idle'
import './styles/font.css'
import './styles/theme.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/card.css'
import './styles/teach.css'
import './styles/print.css'

const PATIENCE = 1_500

adoptLink()
window.addEventListener('hashchange', () => adoptLink() && location.reload())
const { path, query } = place.value
if (session.value && path === '/' && !query.has('tv')) {
  // The shapes in index.html stay until the figures are there: a frame drawn around them first would be drawn for nothing.
  Promise.race([loadFirst(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]).then(show, show)
} else {
  show()
}

function show() {
  const root = document.getElementById('app')!
  root.replaceChildren()
  render(<App />, root)
  whenIdle(loadTypeface)
}
