import { render } from 'preact'
import { App } from './app'
import { adoptLink } from './session/token'
import './styles/font.css'
import './styles/theme.css'
import './styles/base.css'
import './styles/frame.css'
import './styles/card.css'
import './styles/teach.css'

adoptLink()
window.addEventListener('hashchange', () => adoptLink() && location.reload())
const root = document.getElementById('app')!
root.replaceChildren() // of the shapes in index.html
render(<App />, root)
