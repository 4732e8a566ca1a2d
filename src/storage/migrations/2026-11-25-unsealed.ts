import type { AnyShape } from './any-shape.ts'

/** The sealer takes what waits in its order, without sorting all that waits; the chain is read by place. */
export async function up(db: AnyShape): Promise<void> {
  const index = (name: string, columns: string[]) => db.schema.createIndex(name).on('audit').columns(columns)
  await db.schema.dropIndex('audit_unsealed').execute()
  await index('audit_waiting', ['portal', 'at', 'id']).where('seq', 'is', null).execute()
  await index('audit_place', ['portal', 'seq']).where('seq', 'is not', null).execute()
}
