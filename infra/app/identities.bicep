// Three identities, so that a mistake or a break-in of the watch cannot move anything. What each may do to a plan's
// resources is generated from the plan: `switchover plan permissions`.

param location string
param tags object
param prefix string
param suffix string

@description('The app\'s own: its storage, its telemetry, the watch and the drills.')
resource watch 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-watch-${suffix}'
  location: location
  tags: tags
}

@description('Failovers without loss, failbacks and their undo.')
resource failover 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-failover-${suffix}'
  location: location
  tags: tags
}

@description('Forced failovers, which may lose data.')
resource forced 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-forced-${suffix}'
  location: location
  tags: tags
}

output watchId string = watch.id
output watchClientId string = watch.properties.clientId
output watchPrincipalId string = watch.properties.principalId
output failoverId string = failover.id
output failoverClientId string = failover.properties.clientId
output failoverPrincipalId string = failover.properties.principalId
output forcedId string = forced.id
output forcedClientId string = forced.properties.clientId
output forcedPrincipalId string = forced.properties.principalId
