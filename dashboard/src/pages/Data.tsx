import '../styles/form.css'
import { Deliveries } from '../admin/Deliveries'
import { RefusedPoints } from '../admin/RefusedPoints'
import { Icon } from '../ui/Icon'

/** What came in, and what could not. */
export default function Data() {
  return (
    <section class="narrow">
      <div>
        <a class="back" href="/settings">
          <Icon name="back" />
          Settings
        </a>
        <h1>Incoming data</h1>
      </div>
      <RefusedPoints />
      <Deliveries />
    </section>
  )
}
