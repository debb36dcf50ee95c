import { locate, nameOf, type Located } from '../resource.ts';

export function planId(vaultId: string, name: string): string {
  return `${vaultId}/replicationRecoveryPlans/${name}`;
}

type ItemNames = [vault: string, group: string, fabric: string, container: string, item: string];

export function locateItem(itemId: string): Located & { readonly names: ItemNames } {
  const item = locate(itemId);
  const names: ItemNames = [
    nameOf(item, 'vaults'),
    item.resourceGroup,
    nameOf(item, 'replicationFabrics'),
    nameOf(item, 'replicationProtectionContainers'),
    item.name,
  ];
  return { ...item, names };
}
