import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Icon } from "../shell/icon.js";
import { percentOf } from "./percent.js";
import { SeedPanel } from "./seed-panel.js";
import { useSeed } from "./use-seed.js";

/** Opens the panel that fills the store with real data, and shows the progress. */
export function SeedButton() {
  const [opened, { open, close }] = useDisclosure(false);
  const seed = useSeed();
  const running = seed.status?.state === "running";
  return (
    <>
      <Button size="xs" variant="light" leftSection={<Icon name="fill" size={14} />} onClick={open}>
        {running ? `Filling … ${percentOf(seed.status)} %` : "Fill with real data"}
      </Button>
      <Modal opened={opened} onClose={close} title="Fill with real data" size={560}>
        <SeedPanel seed={seed} onDone={close} />
      </Modal>
    </>
  );
}
