/** Small pictures, drawn with the colour of the text around them. */

const PATHS = {
  play: "M5 3.5v9l7-4.5z",
  pause: "M4.5 3.5h2.5v9H4.5zM9 3.5h2.5v9H9z",
  stop: "M4 4h8v8H4z",
  again: "M8 3a5 5 0 1 0 4.9 6h-1.6A3.5 3.5 0 1 1 8 4.5c1 0 1.8.4 2.5 1L8.5 7.5H13V3l-1.4 1.4A5 5 0 0 0 8 3z",
  bin: "M6 2h4l.5 1H13v1.5H3V3h2.5zM4 5.5h8L11.4 14H4.6z",
  edit: "M11.3 2.3l2.4 2.4-7.9 7.9L2.5 13.5l.9-3.3z",
  search: "M7 2.5a4.5 4.5 0 1 0 2.7 8.1l3 3 1-1-3-3A4.5 4.5 0 0 0 7 2.5zM7 4a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  sun:
    "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM7.3 1h1.4v2.5H7.3zm0 11.500h1.4V15H7.3zM1 7.300h2.500v1.400H1zm11.500 0H15v1.400h-2.500z",
  moon: "M6.500 2A6 6 0 1 0 14 9.500 5 5 0 0 1 6.500 2z",
  down: "M7.200 2h1.600v7l2.600-2.600 1.100 1.100L8 12 3.500 7.500l1.100-1.100L7.200 9zM3 13h10v1.500H3z",
  plus: "M7.200 3h1.600v4.200H13v1.600H8.800V13H7.200V8.800H3V7.200h4.200z",
  close:
    "M4.500 3.400L8 6.900l3.500-3.500 1.100 1.100L9.100 8l3.500 3.500-1.100 1.100L8 9.100l-3.500 3.500-1.100-1.100L6.900 8 3.400 4.500z",
  copy: "M5 2h8v9h-1.500V3.500H5zM3 5h7.500v9H3zm1.500 1.500v6H9v-6z",
};

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={PATHS[name]} fill="currentColor" />
    </svg>
  );
}
