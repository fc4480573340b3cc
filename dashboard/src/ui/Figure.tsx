import { useEffect, useRef, useState } from 'preact/hooks'
import { approximate, type Decimal } from '../api/decimal'
import { formatValue, type Style, type Unit } from '../format/value'

const DURATION = 400
const FRAME = 1000 / 30 // of a figure that moves: more is not seen, and costs on a wall of them

/** A value that glides to its next one. Screen readers get the value alone; who wants no motion gets none. */
export function Figure({ value, unit, style }: { value: Decimal | null; unit: Unit; style?: Style }) {
  const shown = useGlide(value)
  return (
    <span class="figure" title={formatValue(value, unit)}>
      <span aria-hidden="true">
        {formatValue(shown, { ...unit, suffix: null }, style)}
        {unit.suffix && shown !== null && <small>{unit.suffix}</small>}
      </span>
      <span class="sr-only">{formatValue(value, unit)}</span>
    </span>
  )
}

function useGlide(value: Decimal | null): Decimal | null {
  const [shown, show] = useState(value)
  const at = useRef(value)
  useEffect(() => {
    const from = at.current
    if (from === value) return
    if (from === null || value === null || matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden) {
      at.current = value
      show(value)
      return
    }
    const start = performance.now()
    const [a, b] = [approximate(from), approximate(value)]
    let drawn = start
    let frame = requestAnimationFrame(function step(time) {
      const done = Math.min(1, Math.max(0, (time - start) / DURATION))
      if (done < 1) frame = requestAnimationFrame(step)
      if (done < 1 && time - drawn < FRAME) return
      drawn = time
      at.current = done === 1 ? value : a + (b - a) * (1 - (1 - done) ** 3)
      show(at.current)
    })
    return () => cancelAnimationFrame(frame)
  }, [value])
  return shown
}
