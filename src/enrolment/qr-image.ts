/* The two packages are loaded with the first picture: a start has no need of them. */

/** Quiet zone of ISO/IEC 18004, inside the picture, so that no page can take it away. */
const margin = 4
const pixelsPerModule = 8

/** Rows of modules, true is black; the quiet zone is in it. */
export async function qrModules(text: string): Promise<boolean[][]> {
  const { default: encodeQR } = await import('qr')
  return encodeQR(text, 'raw', { ecc: 'medium', border: margin })
}

/** The same picture as a PNG: black on opaque white and nothing else, because transparent ones fail in decoders. */
export async function qrPng(text: string): Promise<Buffer> {
  const { PNG } = await import('pngjs')
  const modules = await qrModules(text)
  const size = modules.length * pixelsPerModule
  const image = new PNG({ width: size, height: size, colorType: 0, inputColorType: 6, bitDepth: 8 })
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const shade = modules[Math.floor(y / pixelsPerModule)]?.[Math.floor(x / pixelsPerModule)] ? 0 : 255
      image.data.set([shade, shade, shade, 255], (y * size + x) * 4)
    }
  }
  return PNG.sync.write(image, { colorType: 0, inputColorType: 6 })
}
