import { useSignal } from '@preact/signals'
import { ApiError, explain, request } from '../api/client'
import { CreateChartDocument } from '../api/generated'
import { counted } from '../format/value'
import { navigate, place } from '../router'
import { takeIn } from '../state/board'
import { Icon } from '../ui/Icon'
import { toast } from '../ui/toast'
import { templates, type Template } from './templates'

/** Makes the charts of a starter set; those whose key is taken are there already, and stay as they are. */
export function TemplatePicker() {
  const busy = useSignal(false)

  async function use(template: Template) {
    busy.value = true
    const here = place.value.path
    let made = 0
    try {
      for (const { chart } of template.charts) {
        try {
          takeIn((await request(CreateChartDocument, { input: chart })).createChart.chart)
          made++
        } catch (error) {
          if (!(error instanceof ApiError) || error.code !== 'KEY_TAKEN') throw error
        }
      }
      toast({ text: made ? `Made ${counted(made, 'chart')}. Open one to see how its numbers come in.` : 'All of its charts are there already.' })
      if (place.value.path === here) navigate('/') // who has opened a chart meanwhile stays there
    } catch (error) {
      toast({ text: explain(error), failed: true })
    } finally {
      busy.value = false
    }
  }

  return (
    <ul class="templates">
      {templates.map((template) => (
        <li key={template.id}>
          <button class="template" disabled={busy.value} onClick={() => use(template)}>
            <b>{template.name}</b>
            <span>{template.about}</span>
            <span class="count">
              <Icon name="plus" />
              {template.charts.length} charts
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}
