import { Type } from 'typebox'
import { duration, secret } from '../lib/schema.ts'

/** Which engine stands behind the live bridge. */
export const realtimeConfig = Type.Object(
  {
    engine: Type.Enum(['in-process', 'centrifugo'], {
      default: 'in-process',
      description: 'Who holds the browsers’ connections: Aura itself, or a Centrifugo that Aura publishes to as well.',
    }),
    centrifugo: Type.Object(
      {
        url: Type.String({
          default: 'http://127.0.0.1:8000',
          pattern: '^https?://[^\\s/]+',
          description: 'Where Centrifugo serves its HTTP server API, without /api.',
        }),
        api_key: secret('http_api.key of Centrifugo.'),
        proxy_secret: secret(
          'What Centrifugo sends in X-Aura-Proxy-Secret when it asks Aura for rights; anything long and random.',
        ),
        origins: Type.Array(Type.String({ pattern: '^https?://[^\\s/]+$' }), {
          default: [],
          description:
            'Under which the page is reached when a reverse proxy stands before both: http://127.0.0.1:8888.',
        }),
        timeout: duration('2s', 'Longest time Centrifugo may take to answer.'),
        recheck: duration(
          '60s',
          'How long Centrifugo takes a connection’s or subscription’s rights for granted before it asks again; 0s is for ever.',
        ),
      },
      { description: 'With engine centrifugo. How to run it: operations.md.' },
    ),
  },
  { description: 'The live bridge.' },
)
