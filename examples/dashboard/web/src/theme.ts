import {
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  type MantineColorsTuple,
  Modal,
  Table,
} from "@mantine/core";

/** The accent colour. */
const petrol: MantineColorsTuple = [
  "#e7f4f2",
  "#cbe6e2",
  "#9ad0ca",
  "#68b8b1",
  "#45a49c",
  "#2a8f88",
  "#15786f",
  "#0a625c",
  "#094f4b",
  "#073b38",
];

/** Warm neutral colours. */
const sand: MantineColorsTuple = [
  "#f9f8f5",
  "#f2f0eb",
  "#e7e4dd",
  "#d6d2c9",
  "#b9b4a9",
  "#8f8a7f",
  "#66625a",
  "#4a4741",
  "#302e2a",
  "#1c1b18",
];

const night: MantineColorsTuple = [
  "#e6e3dd",
  "#c2beb6",
  "#9c978d",
  "#6d6961",
  "#46433e",
  "#33312d",
  "#272522",
  "#1b1a18",
  "#141312",
  "#0d0c0b",
];

/** Without the role `none`, screen readers would treat the dialog's header as the page's banner. */
const DIALOG = { attributes: { header: { role: "none" } }, closeButtonProps: { "aria-label": "Close" } };

export const theme = createTheme({
  primaryColor: "petrol",
  primaryShade: { light: 7, dark: 6 },
  colors: { petrol, gray: sand, dark: night },
  white: "#ffffff",
  black: "#1c1b18",
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, Menlo, Consolas, monospace',
  defaultRadius: "sm",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "20px" },
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "1.5rem" }, h2: { fontSize: "1rem" } } },
  focusRing: "auto",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Table: Table.extend({
      defaultProps: { borderColor: "var(--evt-line)", highlightOnHoverColor: "var(--evt-canvas)" },
    }),
    Modal: Modal.extend({ defaultProps: DIALOG, styles: { title: { fontWeight: 650 } } }),
    Drawer: Drawer.extend({ defaultProps: DIALOG, styles: { title: { fontWeight: 650 } } }),
  },
});

/** Defines colours that Mantine does not have: the canvas, the lines and each status. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-dimmed": sand[6],
    "--mantine-color-placeholder": sand[5],
    "--mantine-color-anchor": petrol[7],
    "--evt-accent": petrol[7],
    "--evt-canvas": sand[0],
    "--evt-line": sand[2],
    "--evt-sunken": sand[1],
    "--evt-bar": petrol[2],
    "--evt-bar-negative": "#f0c9a6",
    "--evt-processed": "#1b6b3a",
    "--evt-processed-soft": "#e3f3e8",
    "--evt-duplicate": "#3d5573",
    "--evt-duplicate-soft": "#e8edf4",
    "--evt-conflict": "#7a3b80",
    "--evt-conflict-soft": "#f5e9f6",
    "--evt-rejected": "#8a4b00",
    "--evt-rejected-soft": "#fcefdc",
    "--evt-failed": "#a3231f",
    "--evt-failed-soft": "#fbe7e5",
  },
  dark: {
    "--mantine-color-body": "#201f1c",
    "--mantine-color-dimmed": "#a6a196",
    "--mantine-color-placeholder": "#8a857b",
    "--mantine-color-anchor": petrol[3],
    "--mantine-color-petrol-light": "#173a37",
    "--mantine-color-petrol-light-hover": "#1d4743",
    "--mantine-color-petrol-light-color": petrol[1],
    "--evt-accent": petrol[3],
    "--evt-canvas": "#161513",
    "--evt-line": "#36332e",
    "--evt-sunken": "#191816",
    "--evt-bar": "#1d5c57",
    "--evt-bar-negative": "#6b4522",
    "--evt-processed": "#7fd69c",
    "--evt-processed-soft": "#17301f",
    "--evt-duplicate": "#a9c0de",
    "--evt-duplicate-soft": "#1f2a38",
    "--evt-conflict": "#e0a6e6",
    "--evt-conflict-soft": "#35203a",
    "--evt-rejected": "#f0b56b",
    "--evt-rejected-soft": "#38270f",
    "--evt-failed": "#ff9a94",
    "--evt-failed-soft": "#3f1a18",
  },
});
