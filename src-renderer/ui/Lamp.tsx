import { assertNever } from '@shared/assert-never';
import { drawLamp, lampSoftOpacity, type LampShape, type LampSize } from '@shared/domain/lamp';
import type { RecorderStatus } from '@shared/ipc/snapshot';

function Shape({ shape }: { readonly shape: LampShape }) {
  switch (shape.kind) {
    case 'circle':
    case 'path': {
      const paint = {
        fill: shape.stroke === undefined ? 'currentColor' : 'none',
        stroke: shape.stroke === undefined ? 'none' : 'currentColor',
        strokeWidth: shape.stroke,
        opacity: shape.soft === true ? lampSoftOpacity : undefined,
      };
      return shape.kind === 'path' ? (
        <path d={shape.d} {...paint} />
      ) : (
        <circle cx={shape.cx} cy={shape.cy} r={shape.r} strokeDasharray={shape.dash?.join(' ')} {...paint} />
      );
    }
    case 'bar':
      return (
        <rect
          x={shape.x}
          y={shape.y}
          width={shape.width}
          height={shape.height}
          rx={shape.radius}
          fill="currentColor"
        />
      );
    default:
      return assertNever(shape);
  }
}

/**
 * The recording light. Says nothing to a screen reader: the state's name stands beside it.
 * @param props.status what it shows
 * @param props.size px
 */
export function Lamp({ status, size }: { readonly status: RecorderStatus; readonly size: LampSize }) {
  const drawing = drawLamp(status, size);
  const turning = drawing.turning ? ' lamp-turning' : '';
  return (
    <svg
      className={`lamp lamp-${drawing.tone}${turning}`}
      data-status={status}
      width={size}
      height={size}
      viewBox={`0 0 ${size} ${size}`}
      aria-hidden="true"
    >
      {drawing.shapes.map((shape, index) => (
        <Shape key={index} shape={shape} />
      ))}
    </svg>
  );
}
