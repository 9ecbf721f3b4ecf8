with

site_domains as (
    select * from {{ source('raw_closedloop', 'site_domains') }}
)

select domain from site_domains
