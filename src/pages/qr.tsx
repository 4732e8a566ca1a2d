import type { VNode } from 'preact'

/** Rows of modules, true is black; as many rows as columns. */
export type QrModules = readonly (readonly boolean[])[]

/** The picture as one black path on white: sharp at every size, the same in the dark. */
export function Qr({ modules, label }: { readonly modules: QrModules; readonly label: string }): VNode {
  const size = modules.length
  return (
    <svg
      class="qr secret"
      role="img"
      aria-label={label}
      width="240"
      height="240"
      viewBox={`0 0 ${size} ${size}`}
      shape-rendering="crispEdges"
    >
      <path fill="#ffffff" d={`M0 0h${size}v${size}H0z`} />
      <path fill="#000000" d={modules.flatMap(runsOf).join('')} />
    </svg>
  )
}

/** Each run of black modules of a row is one flat box. */
function runsOf(row: readonly boolean[], y: number): string[] {
  const starts = row.flatMap((isBlack, x) => (isBlack && !row[x - 1] ? [x] : []))
  return starts.map((x) => {
    const end = row.indexOf(false, x)
    return `M${x} ${y}h${(end < 0 ? row.length : end) - x}v1H${x}z`
  })
}
