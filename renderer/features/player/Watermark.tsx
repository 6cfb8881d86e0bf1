import { useId } from 'react';
import { useGatewayTime } from './clock.ts';
import styles from './Watermark.module.css';

/** Who watches and when, by the gateway's clock and in UTC, across the whole picture: a photograph of it says whose it is. */
export function Watermark({ viewer }: { viewer: string }) {
  const id = useId();
  const minute = new Date(useGatewayTime()).toISOString().slice(0, 16).replace('T', ' ');
  const text = `${viewer} · ${minute} UTC`;
  return (
    <svg className={styles.watermark} aria-hidden="true">
      <defs>
        <pattern id={id} width="360" height="190" patternUnits="userSpaceOnUse" patternTransform="rotate(-16)">
          <text x="10" y="50">
            {text}
          </text>
          <text x="-170" y="145">
            {text}
          </text>
          <text x="190" y="145">
            {text}
          </text>
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill={`url(#${id})`} />
    </svg>
  );
}
