import { join } from 'node:path'

/** `dashboards/preview`. */
export const previewFolder = join(import.meta.dirname, '..')

export const repository = join(previewFolder, '../..')

/** What npm installs there. */
export const modulesFolder = join(previewFolder, 'node_modules')

/** What is made from the sources of the page. */
export const bundleFolder = join(modulesFolder, '.cache/aura-preview')

/** The generated boards. */
export const boardsFolder = join(repository, 'grafana/dashboards')
