import { ApiError, request } from '../api/client'
import { SettingsOfDocument, UpdateChartDocument, type SettingsFragment } from '../api/generated'
import type { Card } from '../state/board'
import { changedFields, draftOf, updateInput, type Draft, type Field } from './draft'

/** What another person changed while this one was editing. */
export type Conflict = { theirs: SettingsFragment; fields: Field[] }

const ATTEMPTS = 6

/**
 * Saves what draft changes of base. A version that only moved on by new figures is no conflict, and is tried again; one
 * whose settings another person changed is handed back, and nothing is saved.
 */
export async function saveChanges(base: SettingsFragment, draft: Draft): Promise<Card | Conflict> {
  const meant = base
  let current = base
  for (let attempt = 1; ; attempt++) {
    try {
      const { updateChart } = await request(UpdateChartDocument, { input: updateInput(current, draft) })
      return updateChart.chart
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'VERSION_CONFLICT' || attempt === ATTEMPTS) throw error
    }
    const { chart } = await request(SettingsOfDocument, { key: base.key })
    if (!chart) throw new ApiError('The chart is gone.', 'NOT_FOUND')
    const fields = changedFields(draftOf(meant), draftOf(chart))
    if (fields.length > 0) return { theirs: chart, fields }
    current = chart
  }
}

/** Whether an answer of saveChanges is a conflict. */
export function isConflict(answer: Card | Conflict): answer is Conflict {
  return 'theirs' in answer
}
