// How loud a recording is, ten times a second, and the waveform of it all.

const MS = 100;
const BARS = 60;

// `heard` is called with each level, from 0 to 1. Returns what has been heard so far, and how to stop.
parley.listen = (stream, heard) => {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const levels = [];
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    levels.push(Math.max(...samples.map(Math.abs)));
    heard(levels.at(-1));
  }, MS);
  const stop = () => {
    clearInterval(timer);
    context.close();
  };
  return { levels, stop };
};

// A hexadecimal digit for each part of it; the loudest is f.
parley.waveformOf = (levels) => {
  const bars = Math.min(BARS, levels.length);
  const parts = Array.from({ length: bars }, (_, bar) =>
    Math.max(...levels.slice(Math.floor((bar * levels.length) / bars), Math.ceil(((bar + 1) * levels.length) / bars))),
  );
  const loudest = Math.max(...parts, 0.01); // or silence would be drawn as noise
  return parts.map((level) => Math.round(15 * Math.sqrt(Math.min(1, level / loudest))).toString(16)).join("");
};
