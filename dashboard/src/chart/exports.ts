import { toCSV } from '../format/csv'
import { counted, formatValue } from '../format/value'
import { loadPoints, type ChartData } from './data'

const MOST_POINTS = 20_000

function download(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Saves the points of the period shown; answers what to tell the person. */
export async function exportCSV(chart: ChartData): Promise<string> {
  const { from, to } = chart.trend
  const { points, more } = await loadPoints(chart.key, { from, to }, MOST_POINTS)
  const csv = toCSV(['at', 'value', 'key', 'source'], points.map((p) => [p.at, p.value, p.key, p.source]))
  download(new Blob(['\ufeff', csv], { type: 'text/csv;charset=utf-8' }), `${chart.key}.csv`)
  return more ? `Saved the first ${counted(points.length, 'point')}: choose a shorter period for the others.` : `Saved ${counted(points.length, 'point')}.`
}

/** Saves the plot with its name and value above it, as a picture. */
export function exportPNG(chart: ChartData, subtitle: string, plot: HTMLCanvasElement): void {
  const style = getComputedStyle(document.documentElement)
  const color = (name: string) => style.getPropertyValue(name)
  const scale = devicePixelRatio
  const margin = 24 * scale
  const head = 96 * scale
  const canvas = document.createElement('canvas')
  canvas.width = plot.width + 2 * margin
  canvas.height = plot.height + head + margin
  const paint = canvas.getContext('2d')!
  paint.fillStyle = color('--surface')
  paint.fillRect(0, 0, canvas.width, canvas.height)
  paint.fillStyle = color('--muted')
  paint.font = `560 ${15 * scale}px Inter, sans-serif`
  paint.fillText(`${chart.name} · ${subtitle}`, margin, 34 * scale)
  paint.fillStyle = color('--text')
  paint.font = `700 ${34 * scale}px Inter, sans-serif`
  paint.fillText(formatValue(chart.kpi.value, chart.unit), margin, 76 * scale)
  paint.drawImage(plot, margin, head)
  canvas.toBlob((blob) => blob && download(blob, `${chart.key}.png`))
}
