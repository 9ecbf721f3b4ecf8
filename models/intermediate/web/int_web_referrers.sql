-- One row is a host of another domain that pages were reached from, and whether it is an origin: the company's other
-- domains, payment pages and logins are none.
with

hosts as (
    select distinct
        referrer_host,
        referrer_domain
    from {{ ref('int_canonical_web_events') }}
    where referrer_host is not null and coalesce(referrer_domain != page_domain, true)
),

site_domains as (
    select * from {{ ref('stg_closedloop__site_domains') }}
),

exclusions as (
    select * from {{ ref('referral_exclusions') }}
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
        own_hosts.referrer_host is null and passed_through.referrer_host is null as is_origin
    from hosts
    left join own_hosts
        on hosts.referrer_host = own_hosts.referrer_host
    left join passed_through
        on hosts.referrer_host = passed_through.referrer_host
)

select * from referrers
