import { useSignal } from '@preact/signals'
import '../styles/form.css'
import type { ChartData } from '../chart/data'
import { archive, restore } from '../edit/archive'
import { RecordDialog } from '../edit/RecordDialog'
import { navigate } from '../router'
import { may } from '../state/me'
import { Icon } from '../ui/Icon'

/** What may be done with a chart by who looks at it. */
export function ChartActions({ chart, onChanged }: { chart: ChartData; onChanged: () => void }) {
  const recording = useSignal(false)
  if (chart.status === 'ARCHIVED') {
    return (
      <div class="actions">
        <span class="tag">Archived</span>
        {may('EDIT') && (
          <button class="button" onClick={() => restore(chart).then(onChanged)}>
            <Icon name="restore" />
            Restore
          </button>
        )}
      </div>
    )
  }
  return (
    <div class="actions">
      {may('RECORD') && (
        <button class="button" onClick={() => (recording.value = true)}>
          <Icon name="plus" />
          Record a value
        </button>
      )}
      {may('EDIT') && (
        <>
          <a class="button" href={`/charts/${chart.key}/edit`}>
            <Icon name="edit" />
            Edit
          </a>
          <button class="button" onClick={() => archive(chart).then(() => navigate('/'))}>
            <Icon name="archive" />
            Archive
          </button>
        </>
      )}
      {recording.value && (
        <RecordDialog
          chart={chart}
          onClose={() => {
            recording.value = false
            onChanged()
          }}
        />
      )}
    </div>
  )
}
