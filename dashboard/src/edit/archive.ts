import { explain, request } from '../api/client'
import { ArchiveChartDocument, RestoreChartDocument } from '../api/generated'
import { takeIn } from '../state/board'
import { toast } from '../ui/toast'

type Named = { id: string; name: string }

/** Takes a chart out of use, and offers to undo it. */
export async function archive(chart: Named): Promise<void> {
  try {
    const { archiveChart } = await request(ArchiveChartDocument, { input: { chart: { id: chart.id } } })
    takeIn(archiveChart.chart)
    toast({ text: `Archived ${chart.name}`, action: { label: 'Undo', run: () => restore(chart) } })
  } catch (error) {
    toast({ text: explain(error), failed: true })
  }
}

export async function restore(chart: Named): Promise<void> {
  try {
    const { restoreChart } = await request(RestoreChartDocument, { input: { chart: { id: chart.id } } })
    takeIn(restoreChart.chart)
    toast({ text: `${chart.name} is back` })
  } catch (error) {
    toast({ text: explain(error), failed: true })
  }
}
