import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from "@mantine/core";
import { Icon, type IconName } from "./icon.js";

const choices: readonly {
  readonly scheme: MantineColorScheme;
  readonly icon: IconName;
  readonly word: string;
}[] = [
  { scheme: "auto", icon: "system", word: "As the system" },
  { scheme: "light", icon: "sun", word: "Light" },
  { scheme: "dark", icon: "moon", word: "Dark" },
];

export function ColorSchemeButton() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = choices.find(({ scheme }) => scheme === colorScheme) ?? choices[0];
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <ActionIcon variant="default" size={32} aria-label={`Colours: ${current?.word ?? ""}`}>
          <Icon name={current?.icon ?? "system"} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as MantineColorScheme)}
        >
          {choices.map(({ scheme, word }) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick>
              {word}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
