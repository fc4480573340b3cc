import '../styles/form.css'
import { explain, request } from '../api/client'
import { ArchivedDocument, type ArchivedQuery, type SettingsFragment } from '../api/generated'
import { restore } from '../edit/archive'
import { may } from '../state/me'
import { Icon } from '../ui/Icon'
import { useLoad } from '../ui/useLoad'

async function loadArchived(): Promise<SettingsFragment[]> {
  const all: SettingsFragment[] = []
  let after: string | null = null
  do {
    const { charts }: ArchivedQuery = await request(ArchivedDocument, { after })
    all.push(...charts.nodes)
    after = charts.pageInfo.hasNextPage ? charts.pageInfo.endCursor : null
  } while (after)
  return all
}

export default function Archived() {
  const { data, error, reload } = useLoad(loadArchived, [])
  return (
    <section class="narrow">
      <h1>Archived charts</h1>
      {error !== null && <p class="alert">{explain(error)}</p>}
      {data?.length === 0 && <p class="hint">None. A chart that is archived keeps its data, and waits here.</p>}
      <ul class="rows panel" hidden={!data?.length}>
        {data?.map((chart) => (
          <li key={chart.id}>
            <a href={`/charts/${chart.key}`}>{chart.name}</a>
            {may('EDIT') && (
              <button class="button" onClick={() => restore(chart).then(reload)} aria-label={`Restore ${chart.name}`}>
                <Icon name="restore" />
                Restore
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
