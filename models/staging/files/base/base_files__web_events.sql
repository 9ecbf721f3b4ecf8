-- One row is a web event in a file, with what its addresses say.
{{ config(materialized='view') }}

with

files as (
    select * from {{ ref('base_files__web_event_rows') }}
),

pages as (
    select * from {{ source('raw_files', '_urls') }}
),

referrers as (
    select * from {{ source('raw_files', '_urls') }}
),

identifiers as (
    select * from {{ source('raw_files', '_identifiers') }}
),

parsed as (
    select
        files.source_system,
        files.event_id,
        files.anonymous_id,
        files.user_id,
        email_identifiers.hash as email_hash,
        coalesce(files.utm_id, pages.utm_id) as utm_id,
        coalesce(files.gclid, pages.gclid) as gclid,
        coalesce(files.gbraid, pages.gbraid) as gbraid,
        coalesce(files.wbraid, pages.wbraid) as wbraid,
        coalesce(files.dclid, pages.dclid) as dclid,
        coalesce(files.msclkid, pages.msclkid) as msclkid,
        coalesce(files.ttclid, pages.ttclid) as ttclid,
        coalesce(files.li_fat_id, pages.li_fat_id) as li_fat_id,
        coalesce(files.ctwa_clid, pages.ctwa_clid) as ctwa_clid,
        coalesce(files.fbclid, pages.fbclid) as fbclid,

        files.event_name,
        files.page_url,
        pages.domain as page_domain,
        referrers.host as referrer_host,
        referrers.domain as referrer_domain,
        coalesce(files.utm_source, pages.utm_source) as utm_source,
        coalesce(files.utm_medium, pages.utm_medium) as utm_medium,
        coalesce(files.utm_campaign, pages.utm_campaign) as utm_campaign,
        coalesce(files.utm_content, pages.utm_content) as utm_content,
        coalesce(files.utm_term, pages.utm_term) as utm_term,
        files.user_agent,
        files.country,
        files.properties,

        -- whether the page's own address was tagged, and not only what a system made of the visit
        coalesce(pages.utm_source, pages.utm_medium, pages.utm_campaign, pages.utm_id) is not null as is_tagged,
        files.is_bot,
        files.consent,

        files.occurred_at,

        files._file,
        files._record_number,
        files._modified_at,
        files._load_id,
        files.load_hash
    from files
    left join pages
        on files.page_url = pages.raw_value
    left join referrers
        on files.referrer = referrers.raw_value
    left join identifiers as email_identifiers
        on files.email_hash = email_identifiers.raw_value and email_identifiers.kind = 'email_hash'
)

select * from parsed
