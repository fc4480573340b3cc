import { approximate, type Decimal } from '../api/decimal'
import { formatShare } from '../format/value'

const RADIUS = 44
const LENGTH = Math.PI * RADIUS
const ARC = `M6,50 A${RADIUS},${RADIUS} 0 0 1 94,50`

/** A value against its target: a half circle that is full at the target. */
export function Gauge({ progress }: { progress: Decimal | null }) {
  const share = Math.min(1, Math.max(0, approximate(progress ?? 0)))
  return (
    <svg class="gauge" viewBox="0 0 100 56" aria-hidden="true">
      <path class="gauge-track" d={ARC} />
      <path class="gauge-value" d={ARC} stroke-dasharray={`${share * LENGTH} ${LENGTH}`} />
      <text x="50" y="48" text-anchor="middle">
        {progress === null ? '' : formatShare(progress)}
      </text>
    </svg>
  )
}
