// App Service authentication with Entra. It strips the header in which it tells the app who asks from all requests of
// clients: only behind it the app may believe that header. The app registration is made by hand (docs/deploying.md).

param siteName string
param clientId string

resource site 'Microsoft.Web/sites@2024-11-01' existing = {
  name: siteName
}

resource signIn 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      // Programs get a plain 401; people sign in at /.auth/login/aad.
      unauthenticatedClientAction: 'Return401'
      excludedPaths: ['/api/health']
    }
    httpSettings: {
      requireHttps: true
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: clientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [clientId, 'api://${clientId}']
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}

@description('The app believes the header only where this has reached its settings, which it cannot before the sign-in.')
output clientId string = clientId
