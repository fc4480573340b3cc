import { useSignal } from '@preact/signals'
import { explain, request } from '../api/client'
import { ChangeMemberRoleDocument, InviteMemberDocument, MembersDocument, RemoveMemberDocument, type PersonFragment, type Role } from '../api/generated'
import { ChoiceField, TextField } from '../edit/Fields'
import { toast } from '../ui/toast'
import { useLoad } from '../ui/useLoad'

const roles: readonly (readonly [Role, string])[] = [['VIEWER', 'Viewer: sees'], ['EDITOR', 'Editor: sees and changes'], ['ADMIN', 'Admin: everything']]

/** The people of the business. */
export function Members() {
  const { data, error, reload } = useLoad(() => request(MembersDocument, {}), [])
  async function act(work: Promise<unknown>, done: string) {
    try {
      await work
      toast({ text: done })
    } catch (failure) {
      toast({ text: explain(failure), failed: true })
    }
    reload()
  }
  return (
    <section class="panel admin" aria-labelledby="members">
      <h2 id="members">People</h2>
      {error !== null && <p class="alert">{explain(error)}</p>}
      {data?.members.length === 0 && <p class="hint">Nobody is invited yet. Whoever is invited signs in with that address.</p>}
      <ul class="rows">
        {data?.members
          .filter((m) => m.status !== 'REMOVED')
          .map((member) => (
            <MemberRow key={member.id} member={member} act={act} />
          ))}
      </ul>
      <Invite act={act} />
    </section>
  )
}

type Act = (work: Promise<unknown>, done: string) => void

function MemberRow({ member, act }: { member: PersonFragment; act: Act }) {
  return (
    <li>
      <span>
        <b>{member.email}</b>
        {member.status === 'INVITED' && <span class="tag">invited</span>}
      </span>
      <span class="actions">
        <select
          class="button"
          aria-label={`Role of ${member.email}`}
          value={member.role}
          onChange={(e) => act(request(ChangeMemberRoleDocument, { input: { id: member.id, role: e.currentTarget.value as Role } }), `Changed the role of ${member.email}`)}
        >
          {roles.map(([role]) => (
            <option key={role} value={role}>
              {role.charAt(0) + role.slice(1).toLowerCase()}
            </option>
          ))}
        </select>
        <button class="button danger" aria-label={`Remove ${member.email}`} onClick={() => act(request(RemoveMemberDocument, { input: { id: member.id } }), `Removed ${member.email}`)}>
          Remove
        </button>
      </span>
    </li>
  )
}

function Invite({ act }: { act: Act }) {
  const email = useSignal('')
  const role = useSignal<Role>('VIEWER')
  const fault = useSignal('')
  async function invite() {
    try {
      await request(InviteMemberDocument, { input: { email: email.value.trim(), role: role.value } })
      act(Promise.resolve(), `Invited ${email.value}`)
      email.value = ''
      fault.value = ''
    } catch (error) {
      fault.value = explain(error)
    }
  }
  return (
    <form
      class="form inline"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        invite()
      }}
    >
      <TextField label="Email" type="email" placeholder="ana@example.com" value={email.value} fault={fault.value || undefined} onInput={(v) => (email.value = v)} />
      <ChoiceField label="Role" value={role.value} choices={roles} onChange={(v) => (role.value = v)} />
      <button class="button primary">Invite</button>
    </form>
  )
}
