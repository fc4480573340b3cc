import { TemplatePicker } from '../teach/TemplatePicker'

export default function Templates() {
  return (
    <section class="welcome">
      <h1>Templates</h1>
      <p class="hint">Each makes its charts; open one afterwards to see how n8n feeds it.</p>
      <TemplatePicker />
    </section>
  )
}
