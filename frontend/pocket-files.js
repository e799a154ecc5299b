// Photos and voice notes: a photo is drawn anew, smaller and without where it was taken; a voice note is recorded here.
const WIDEST = 2000;
export async function photo(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, WIDEST / Math.max(picture.width, picture.height));
  const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const drawn = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.82 });
  return { key: crypto.randomUUID(), type: "image/jpeg", bytes: await drawn.arrayBuffer() };
}
// { stop() → the file }; refused by the person or absent, it throws
export async function note() {
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true });
  const type = ["audio/webm", "audio/mp4", "audio/ogg"].find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(sound, { mimeType: type, audioBitsPerSecond: 24000 });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start(1000);
  return {
    stop: () => new Promise((resolve) => {
      recorder.onstop = async () => {
        sound.getTracks().forEach((track) => track.stop());
        resolve({ key: crypto.randomUUID(), type, bytes: await new Blob(parts).arrayBuffer() });
      };
      recorder.stop();
    }),
  };
}
