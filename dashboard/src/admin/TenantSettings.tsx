import { useSignal } from '@preact/signals'
import { ApiError, explain, request } from '../api/client'
import { UpdateTenantDocument, type Weekday } from '../api/generated'
import { ChoiceField, TextField } from '../edit/Fields'
import { timeZones } from '../format/zone'
import { me } from '../state/me'
import { toast } from '../ui/toast'

const weekdays: readonly (readonly [Weekday, string])[] = [['MONDAY', 'Monday'], ['SUNDAY', 'Sunday'], ['SATURDAY', 'Saturday']]

/** The business: its name and its calendar. */
export function TenantSettings() {
  const tenant = me.value!.tenant
  const draft = useSignal({ name: tenant.name, timeZone: tenant.timeZone, weekStart: tenant.weekStart })
  const faults = useSignal<Record<string, string>>({})
  const zones = [...new Set([tenant.timeZone, ...timeZones()])].map((z) => [z, z.replaceAll('_', ' ')] as const)

  async function save() {
    try {
      const { updateTenant } = await request(UpdateTenantDocument, { input: draft.value })
      me.value = { ...me.value!, tenant: updateTenant.tenant }
      faults.value = {}
      toast({ text: 'Saved. All figures follow the new calendar.' })
    } catch (error) {
      const field = error instanceof ApiError ? error.field?.split('.').pop() : undefined
      faults.value = { [field ?? 'general']: explain(error) }
    }
  }

  return (
    <form
      class="form panel"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <h2>Business</h2>
      {faults.value.general && <p class="alert">{faults.value.general}</p>}
      <TextField label="Name" value={draft.value.name} fault={faults.value.name} onInput={(name) => (draft.value = { ...draft.value, name })} />
      <div class="pair">
        <ChoiceField
          label="Time zone"
          hint="Its midnights begin your days."
          value={draft.value.timeZone}
          choices={zones}
          fault={faults.value.timeZone}
          onChange={(timeZone) => (draft.value = { ...draft.value, timeZone })}
        />
        <ChoiceField label="Weeks begin on" value={draft.value.weekStart} choices={weekdays} onChange={(weekStart) => (draft.value = { ...draft.value, weekStart })} />
      </div>
      <div class="actions">
        <button class="button primary">Save</button>
      </div>
    </form>
  )
}
