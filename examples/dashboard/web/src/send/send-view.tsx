import { Button, Group, Kbd, Title } from "@mantine/core";
import { useState } from "react";
import type { Failure } from "../api/ingest.js";
import { jsonError } from "../json/json-error.js";
import { Icon } from "../shell/icon.js";
import { FailureControl } from "./failure-control.js";
import { JsonEditor } from "./json-editor.js";
import { OutcomePanel } from "./outcome-panel.js";
import { PresetBar } from "./preset-bar.js";
import { FIRST_TEXT } from "./presets.js";
import { PreviewPanel } from "./preview-panel.js";
import classes from "./send-view.module.css";
import { useSend } from "./use-send.js";

export function SendView() {
  const [text, setText] = useState(FIRST_TEXT);
  const [failure, setFailure] = useState<Failure>("off");
  const sending = useSend();
  const error = jsonError(text);

  function send(): void {
    if (error !== null || sending.isPending) return;
    sending.mutate({ text, failure });
  }

  return (
    <>
      <Title order={1} mb="md">
        Send events
      </Title>
      <div className={classes.columns}>
        <section className={classes.card} aria-label="What to send">
          <PresetBar text={text} onPick={setText} />
          <JsonEditor
            label="An event, or an array of events, as JSON"
            value={text}
            error={error}
            onChange={setText}
            onSubmit={send}
          />
          <FailureControl failure={failure} onChange={setFailure} />
          <Group mt="md" gap="sm">
            <Button
              leftSection={<Icon name="send" />}
              loading={sending.isPending}
              disabled={error !== null}
              onClick={send}
            >
              Send
            </Button>
            <span className={classes.shortcut}>
              <Kbd size="xs">⌘</Kbd> or <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">Enter</Kbd>
            </span>
          </Group>
        </section>
        <div className={classes.column}>
          <OutcomePanel
            sent={sending.data}
            error={sending.error}
            pending={sending.isPending}
            onSendAgain={(again) => sending.mutate({ text: again, failure: "off" })}
          />
          <PreviewPanel text={error === null ? text : null} />
        </div>
      </div>
    </>
  );
}
