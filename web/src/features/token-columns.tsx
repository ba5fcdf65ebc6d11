import type { Column } from '../ui/data-table.tsx'
import { ago } from '../ui/format.ts'

/** What every list of tokens tells of one. */
interface Told {
  readonly name: string
  readonly createdAt: number
  readonly lastUsedAt?: number
  readonly expiresAt?: number
}

/** When a token was made and used, when it ends, and the button that revokes it. */
export const tokenLife = <Token extends Told>(
  now: () => number,
  revoke: (token: Token) => void,
  may: () => boolean = () => true,
): readonly Column<Token>[] => [
  { id: 'created', header: 'Made', cell: (row) => ago(row.createdAt, now()), sort: (row) => row.createdAt },
  {
    id: 'used',
    header: 'Last used',
    cell: (row) => (row.lastUsedAt === undefined ? 'never' : ago(row.lastUsedAt, now())),
    sort: (row) => row.lastUsedAt,
  },
  { id: 'ends', header: 'Ends', cell: (row) => (row.expiresAt === undefined ? 'never' : ago(row.expiresAt, now())) },
  {
    id: 'revoke',
    header: 'Revoke',
    cell: (row) => (
      <button type="button" class="button button-danger" disabled={!may()} onClick={() => revoke(row)}>
        Revoke <span class="visually-hidden">{row.name}</span>
      </button>
    ),
  },
]
