import type { Placement } from './view.ts'

const share = (part: number): string => `${(part * 100).toFixed(2)}%`

/** Where the memory of a model lies: the GPU's part plain, the part spilled to the CPU hatched, and both in words. */
export function PlacementBar(props: { readonly name: string; readonly place: Placement }) {
  return (
    <div class="models-placement">
      <div class="models-placement-bar" role="img" aria-label={`Memory of ${props.name}: ${props.place.text}`}>
        <span class="models-placement-gpu" style={{ 'inline-size': share(props.place.gpu) }} />
        <span class="models-placement-cpu" style={{ 'inline-size': share(props.place.cpu) }} />
      </div>
      <span class="models-quiet" aria-hidden="true">
        {props.place.text}
      </span>
    </div>
  )
}
