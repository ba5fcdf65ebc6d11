import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allowed, type Schema } from './check.ts'
import { inFileOnly, leaves, type Leaf } from './leaves.ts'
import { configSchema } from './schema.ts'

const root = join(import.meta.dirname, '../..')
const schema: Schema = JSON.parse(JSON.stringify(configSchema))

/** The files made from the schema, by path from the repository's root. A test compares them with what is committed. */
export function generatedFiles(): Record<string, string> {
  return {
    'src/config/schema.json': `${JSON.stringify(schema, null, 2)}\n`,
    '.env.example': envExample(leaves(schema)),
    'docs/configuration.md': reference(schema),
  }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.join(',')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function envExample(all: readonly Leaf[]): string {
  const head =
    '# Every setting of Aura that an environment variable can carry, with its default.\n' +
    '# Generated from the schema: npm run config:generate. Reference: docs/configuration.md\n'
  const entries = all
    .filter((leaf) => !inFileOnly(leaf))
    .map((leaf) => {
      const file = leaf.schema.secret ? `#${leaf.env}_FILE=/run/secrets/${leaf.env.toLowerCase()}\n` : ''
      return `\n# ${leaf.schema.description} (${allowed(leaf.schema)})\n#${leaf.env}=${shown(leaf.schema.default)}\n${file}`
    })
  return head + entries.join('')
}

const intro = `# Configuration

Generated from the schema (\`npm run config:generate\`).

Each value is taken from the first of these that sets it:

1. the environment variable \`AURA_<SECTION>_<KEY>\` (lists: separated by commas); for secrets also
   \`AURA_<SECTION>_<KEY>_FILE\`, the path of a file that holds the value;
2. \`aura.yaml\` in the working directory, or the file named by \`--config\` or \`AURA_CONFIG\`;
3. the default.

\`aura config print\` shows every value in force and where it came from; \`aura config check\` only checks. A wrong value
stops the start with exit code 2 and a line that names the key, the value, what is allowed and where it was set.

An example of \`aura.yaml\`:

\`\`\`yaml
server:
  port: 8081
exporters:
  gpu:
    enabled: false
\`\`\`
`

function reference({ properties = {} }: Schema): string {
  const top = Object.entries(properties)
  const single = top.filter(([, part]) => part.type !== 'object')
  const sections = top.filter(([, part]) => part.type === 'object')
  const general = `\n## General\n\n${table(single.flatMap(([name, part]) => leaves(part, [name])))}`
  return intro + general + sections.map(([name, part]) => section(name, part)).join('')
}

function section(name: string, part: Schema): string {
  const nested = Object.entries(part.properties ?? {}).filter(
    ([, child]) => child.type === 'object' && child.properties,
  )
  const direct = leaves(part, [name]).filter(({ path }) => !nested.some(([child]) => path[1] === child))
  const head = `\n## ${name}\n${part.description ? `\n${part.description}\n` : ''}`
  const own = direct.length > 0 ? `\n${table(direct)}` : ''
  const below = nested.map(([child, inner]) => {
    const text = inner.description ? `\n${inner.description}\n` : ''
    return `\n### ${name}.${child}\n${text}\n${table(leaves(inner, [name, child]))}`
  })
  return head + own + below.join('')
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string): string => (text === '' ? 'empty' : `\`${cell(text)}\``)

function table(rows: readonly Leaf[]): string {
  const lines = rows.map((leaf) => {
    const variable = inFileOnly(leaf) ? 'in the file only' : `\`${leaf.env}\`${leaf.schema.secret ? ' or `_FILE`' : ''}`
    const { description = '', default: value } = leaf.schema
    return `| \`${leaf.key}\` | ${variable} | ${code(shown(value))} | ${cell(allowed(leaf.schema))} | ${cell(description)} |\n`
  })
  return `| key | variable | default | allowed | what it is |\n|---|---|---|---|---|\n${lines.join('')}`
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(generatedFiles())) writeFileSync(join(root, path), text)
}
