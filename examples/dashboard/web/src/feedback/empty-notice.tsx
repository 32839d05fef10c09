import { Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

interface EmptyNoticeProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** Shows that there is nothing to list, and what the user can do. */
export function EmptyNotice({ title, children }: EmptyNoticeProps) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <Title order={2}>{title}</Title>
      <Text component="div" c="dimmed" size="sm" maw={440}>
        {children}
      </Text>
    </Stack>
  );
}
