-- One row is a host of another domain that pages were reached from: the source that it is, and whether it is an origin.
-- The company's other domains, payment pages and logins are none. A host is looked up as it is, else its registered
-- domain, else the first part of that: www.google.co.id is google.
with

hosts as (
    select distinct
        referrer_host,
        referrer_domain,
        regexp_extract(referrer_domain, '^([^.]+)', 1) as domain_label
    from {{ ref('int_web_batch_referrers') }}
    where referrer_host is not null
),

site_domains as (
    select * from {{ ref('stg_closedloop__site_domains') }}
),

exclusions as (
    select * from {{ ref('referral_exclusions') }}
),

sources as (
    select * from {{ ref('sources') }}
),

own_hosts as (
    select distinct hosts.referrer_host
    from hosts
    inner join site_domains
        on concat('.', hosts.referrer_host) like concat('%.', site_domains.domain)
),

passed_through as (
    select distinct hosts.referrer_host
    from hosts
    inner join exclusions
        on concat('.', hosts.referrer_host) like concat('%.', exclusions.host)
),

referrers as (
    select
        hosts.referrer_host,
        hosts.referrer_domain,
        case
            when by_host.source is not null then hosts.referrer_host
            when by_domain.source is not null then hosts.referrer_domain
            when by_label.source is not null then hosts.domain_label
            else hosts.referrer_host
        end as source,
        coalesce(by_host.category, by_domain.category, by_label.category, 'other') as source_category,
        own_hosts.referrer_host is not null as is_own,
        own_hosts.referrer_host is null and passed_through.referrer_host is null as is_origin
    from hosts
    left join own_hosts
        on hosts.referrer_host = own_hosts.referrer_host
    left join passed_through
        on hosts.referrer_host = passed_through.referrer_host
    left join sources as by_host
        on hosts.referrer_host = by_host.source
    left join sources as by_domain
        on hosts.referrer_domain = by_domain.source
    left join sources as by_label
        on hosts.domain_label = by_label.source
)

select * from referrers
