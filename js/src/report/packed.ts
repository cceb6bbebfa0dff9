/** What Python put into a report: one compressed block of a header and the bytes that it names. Owns no state. */

/** Where bytes lie behind the header. */
type Place = readonly [start: number, length: number];

export interface PackedSheet {
  rows: number[];
  size: number;
  mime: string;
  bytes: Place;
}

export interface PackedScene {
  /** Names of its code and its looks among the files. */
  code: string;
  looks: string;
  state: Record<string, unknown>;
  /** Traits that are arrays: their bytes. */
  arrays: Record<string, Place>;
  sheets: PackedSheet[];
}

interface Header {
  scenes: PackedScene[];
  /** A trait that two scenes share, as their numbers. */
  links: { trait: string; scenes: [number, number] }[];
  views: { scene: number; kind: string; options: Record<string, unknown> }[];
  files: Record<string, Place>;
}

export interface Packed {
  header: Header;
  bytes(place: Place): Uint8Array<ArrayBuffer>;
}

/** The header's length (four bytes, the smallest first), the header as JSON, and then all bytes. */
export function readPacked(whole: ArrayBuffer): Packed {
  const length = new DataView(whole).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length))) as Header;
  const begin = 4 + length;
  return { header, bytes: ([start, size]) => new Uint8Array(whole, begin + start, size) };
}

/** The scene's traits, arrays as what a notebook's widgets have. */
export function stateOf({ state, arrays }: PackedScene, packed: Packed): Record<string, unknown> {
  const whole = { ...state };
  for (const [name, place] of Object.entries(arrays)) {
    const bytes = packed.bytes(place);
    whole[name] = { ...(state[name] as object), data: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  }
  return whole;
}

export async function unpack(base64: string): Promise<Packed> {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return readPacked(await new Response(stream).arrayBuffer());
}
