import icon from '../../public/icon.svg?raw'

/** The page's icon, drawn in it: as a picture it would be a document of its own, which a phone feels. */
export function Logo() {
  return <span class="logo" aria-hidden="true" dangerouslySetInnerHTML={{ __html: icon }} />
}
