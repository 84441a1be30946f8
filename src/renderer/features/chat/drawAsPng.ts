/** Vision models look at less, and a photograph this large still fits a message as PNG. */
const longestPx = 1600;

/** Draws a picture of any format that the page knows, made smaller where it is very large. Rejects what is no picture. */
export async function drawAsPng(picture: Blob): Promise<Uint8Array> {
  const image = new Image();
  // As data, not as an address of its own: the page may load nothing else, and a drawing may load nothing at all.
  image.src = await addressOf(picture);
  await image.decode();
  const scale = Math.min(1, longestPx / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(image.naturalWidth * scale)),
    Math.max(1, Math.round(image.naturalHeight * scale)),
  );
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('There is no canvas to draw on.');
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
}

function addressOf(picture: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('The picture could not be read.'));
    reader.readAsDataURL(picture);
  });
}
