import '../styles/form.css'
import { ApiKeys } from '../admin/ApiKeys'
import { Members } from '../admin/Members'
import { TenantSettings } from '../admin/TenantSettings'
import { Usage } from '../admin/Usage'
import { may, me } from '../state/me'
import { Icon } from '../ui/Icon'

export default function Settings() {
  if (!me.value) return <p class="hint">Loading…</p>
  return (
    <section class="narrow">
      <h1>Settings</h1>
      {may('ADMINISTER') && (
        <>
          <TenantSettings />
          <ApiKeys />
          <Members />
        </>
      )}
      <ul class="rows panel">
        {may('RECORD') && (
          <li>
            <a href="/data">
              <Icon name="download" /> Incoming data: deliveries and refused points
            </a>
          </li>
        )}
        <li>
          <a href="/archived">
            <Icon name="archive" /> Archived charts
          </a>
        </li>
        {may('EDIT') && (
          <li>
            <a href="/templates">
              <Icon name="spark" /> Chart templates
            </a>
          </li>
        )}
      </ul>
      <Usage />
      <p class="hint">
        Signed in as {me.value.email ?? me.value.subject}
        {me.value.role && `, ${me.value.role.toLowerCase()}`}.
      </p>
    </section>
  )
}
