import Hls, { type FragmentLoaderContext, type Loader, type LoaderConfiguration, type LoaderContext } from 'hls.js/light';

/** What the error says of a part that is shorter than its own boxes say. */
export const notWhole = 'shorter than it says';

type LoadCallbacks = Parameters<Loader<LoaderContext>['load']>[2];

/**
 * Loads parts, and refuses one whose boxes do not end where it ends: appended, its rest would be looked for at the beginning of the next
 * one, and that good one be taken for the damaged.
 */
export class WholePartLoader extends Hls.DefaultConfig.loader {
  override load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoadCallbacks): void {
    const { frag } = context as FragmentLoaderContext;
    super.load(context, config, {
      ...callbacks,
      onSuccess(response, stats, asked, details) {
        const { data } = response;
        const readable = data instanceof ArrayBuffer && frag.decryptdata?.uri == null && /\.(m4s|mp4)$/.test(frag.relurl ?? '');
        if (readable && !areWholeBoxes(new DataView(data))) callbacks.onError({ code: 0, text: notWhole }, asked, details, stats);
        else callbacks.onSuccess(response, stats, asked, details);
      },
    });
  }
}

/** Whether bytes are whole boxes of ISO base media (ISO/IEC 14496-12, 4.2), one after the other to the end. */
export function areWholeBoxes(bytes: DataView): boolean {
  let at = 0;
  while (at < bytes.byteLength) {
    if (at + 8 > bytes.byteLength) return false;
    const short = bytes.getUint32(at);
    // 0 says: to the end. 1 says: the size follows in 64 bits.
    if (short === 0) return true;
    if (short === 1 && at + 16 > bytes.byteLength) return false;
    const size = short === 1 ? Number(bytes.getBigUint64(at + 8)) : short;
    if (size < (short === 1 ? 16 : 8)) return false;
    at += size;
  }
  return at === bytes.byteLength && at > 0;
}
