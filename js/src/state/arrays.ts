/** Arrays as they cross from Python: little-endian bytes with a dtype and a shape. Pure; owns no state. */
import type { WireArray } from "./scene";

export type Numbers = Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array;

const KINDS = {
  "<f8": Float64Array,
  "<f4": Float32Array,
  "<u4": Uint32Array,
  "<u2": Uint16Array,
  "|u1": Uint8Array,
} as const;

/** A typed view of the bytes; copied only when the host handed them over unaligned. */
export function decode(wire: WireArray | undefined | null): Numbers {
  if (!wire?.data) return new Uint8Array(0);
  const Kind = KINDS[wire.dtype];
  if (!Kind) throw new Error(`expected an array of dtype <f8, <f4, <u4, <u2 or |u1 but got ${wire.dtype}`);
  const { data } = wire;
  const buffer = data instanceof ArrayBuffer ? data : (data.buffer as ArrayBuffer);
  const start = data instanceof ArrayBuffer ? 0 : data.byteOffset;
  const length = wire.shape.reduce((a, b) => a * b, 1);
  if (data.byteLength !== length * Kind.BYTES_PER_ELEMENT) {
    throw new Error(`expected ${length * Kind.BYTES_PER_ELEMENT} bytes but got ${data.byteLength}`);
  }
  if (start % Kind.BYTES_PER_ELEMENT === 0) return new Kind(buffer, start, length);
  return new Kind(buffer.slice(start, start + data.byteLength), 0, length);
}

/** Row numbers on their way to Python. */
export function encodeRows(rows: Uint32Array): WireArray {
  return { dtype: "<u4", shape: [rows.length], data: new DataView(rows.slice().buffer) };
}

/** Row numbers as Python sent them; a copy. */
export const decodeRows = (wire: WireArray | undefined | null): Uint32Array => Uint32Array.from(decode(wire));
