export interface Row {
  readonly what: string
  readonly target: string
  readonly figure: string
  /** Left out where there is no target: the figure is only there to understand the others. */
  readonly isMet?: boolean
}

export const atLeast = (what: string, target: number, figure: number): Row => ({
  what,
  target: `at least ${target}`,
  figure: figure.toFixed(2),
  isMet: figure >= target,
})

export const under = (what: string, target: number, figure: number, unit: string): Row => ({
  what,
  target: `under ${target} ${unit}`,
  figure: `${figure.toFixed(1)} ${unit}`,
  isMet: figure < target,
})

export const known = (what: string, figure: string): Row => ({ what, target: '', figure })

export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ what, target, figure, isMet }) => [what, target, figure, isMet === undefined ? '' : isMet ? 'met' : 'missed'])
  const all = [['what', 'target', 'figure', ''], ...cells]
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
