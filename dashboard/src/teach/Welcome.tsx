import { may, me } from '../state/me'
import { Icon } from '../ui/Icon'
import { TemplatePicker } from './TemplatePicker'

/** The dashboard of a business that has no chart yet: how to make the first. */
export default function Welcome() {
  if (!may('EDIT')) {
    return (
      <section class="welcome">
        <h1>No charts yet</h1>
        <p class="hint">As soon as somebody of {me.value?.tenant.name} makes one, it appears here.</p>
      </section>
    )
  }
  return (
    <section class="welcome">
      <h1>Your first chart</h1>
      <p class="hint">A chart is one figure of your business: revenue, open tickets, visitors. Make one, push a number to it, and watch it come alive here.</p>
      <a class="button primary" href="/new">
        <Icon name="plus" />
        Make a chart
      </a>
      <h2>Or start from a template</h2>
      <TemplatePicker />
    </section>
  )
}
